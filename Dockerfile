# The runtime image already has Node, and PostgreSQL runs elsewhere: neither the npm package `node` (an
# install script) nor the embedded PostgreSQL (optional packages) is installed here.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
ENV HOST=0.0.0.0 PORT=3000 CAIRN_DATA_DIR=/data MIGRATE_ON_START=false
WORKDIR /app
RUN install -d -o node -g node -m 0700 /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY migrations ./migrations
COPY src ./src
COPY openapi ./openapi
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# No npm in between: signals reach the process.
CMD ["node", "src/server.ts"]
