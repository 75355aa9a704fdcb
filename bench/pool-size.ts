/** Database connections of the service and of the bare server alike. */
export const poolSize = 20
