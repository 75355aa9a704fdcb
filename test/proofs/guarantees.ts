/** What is guaranteed and how it is shown: the rows of docs/proofs.md, in its order. */
export interface Guarantee {
  /** The suite's name: `npm run proofs -- <suite>`; its file is in `test/proofs`, or in `walks` there. */
  suite: string
  guarantee: string
  how: string
}

export const guarantees: readonly Guarantee[] = [
  {
    suite: 'postgres-faults',
    guarantee:
      'PostgreSQL may be killed, stopped, exhausted or locked: what was acknowledged is there, the rest is asked to come again, and service goes on by itself.',
    how: 'Eight clients that repeat with their keys, while it is killed and started again; then every operation without it, every connection busy, held rows, limits exceeded, a damaged page. Every index is checked with amcheck.',
  },
  {
    suite: 'network-faults',
    guarantee:
      'However the network to PostgreSQL fails, nothing is lost or done twice, and a lost answer is found again by its Idempotency-Key.',
    how: 'A proxy that refuses, resets, holds, delays and throttles under load, and that cuts the connection after each number of bytes in either direction.',
  },
  {
    suite: 'disk-full',
    guarantee: 'A volume that fills up costs no acknowledged work and needs no restart of the service.',
    how: 'The volume of the data and that of the write-ahead log are filled to the last byte under load, and freed.',
  },
  {
    suite: 'clock',
    guarantee:
      'A service whose clock is wrong by minutes, or jumps, writes no wrong time, and takes tokens within a minute of leeway only.',
    how: 'A whole practice is made with the clock of the process wrong, then every column of time is looked at; tokens and repeated requests across jumps; a second process under libfaketime.',
  },
  {
    suite: 'crash-sweep',
    guarantee:
      'A request that is cut short at any point is done completely or not at all, and exactly once when it is sent again.',
    how: 'Every operation that writes loses its connection at its n-th database call, before it is sent, after it and after its answer, and the whole process dies there too; then every table is compared with what one undisturbed request does.',
  },
  {
    suite: 'soak',
    guarantee:
      'However often the service dies or is restarted, clients that keep trying lose nothing, do nothing twice, and read each event once in order.',
    how: 'The service is killed (`kill -9`) in a loop under eight clients that repeat with their keys and a reader of the feed, and at last ended by SIGTERM under the same load. What was acknowledged is compared with the data row by row.',
  },
  {
    suite: 'autosave',
    guarantee:
      'Nothing that was typed and acknowledged is lost, and two devices of one author never overwrite each other, whatever dies or runs out between two saves; what a save costs the database does not grow.',
    how: 'Fifty clinicians save their notes twice a second for a minute, each with the same note open on a second device, while the service is killed (`kill -9`) and every access token runs out once. Every word is there once and in order, each version is one save, and one sitting is one audit row. Statements are counted per save.',
  },
  {
    suite: 'retries',
    guarantee: 'The same request sent twice, at once or later, has one effect and one answer.',
    how: 'Every operation with an Idempotency-Key sixteen times at once; keys used for something else, by somebody else, in another practice; two changes of one version; logs of commands with repetitions in random order against a model.',
  },
  {
    suite: 'jobs-crash',
    guarantee:
      'Later work is done when the worker dies in the middle of it; work that kills its workers is given up after nine attempts and holds up nothing else.',
    how: 'Worker processes are killed, stopped and woken at work. Mail is sent twice only when the worker dies between the taking of it and the note that it was, and then under the same Message-ID.',
  },
  {
    suite: 'failover',
    guarantee:
      'When a standby takes over, nothing that was acknowledged is lost, and the old primary is refused.',
    how: 'The primary is killed under eight clients that repeat with their keys and its synchronous standby is promoted; the old one is started again and led to. Without the standby writers get 503, readers go on, and connections do not pile up.',
  },
  {
    suite: 'pgbouncer',
    guarantee:
      'Behind PgBouncer in transaction mode, old ones too, nothing is lost or mixed up between practices.',
    how: 'Sixteen clients of two practices share two connections; the whole test suite runs through it with named statements off.',
  },
  {
    suite: 'two-of-each',
    guarantee: 'Any number of processes and workers may run on one database: each thing is done once.',
    how: 'Two processes with their workers race for keys, hours, tokens, events and jobs; the whole test suite runs with its requests going to two instances in turn.',
  },
  {
    suite: 'migrations-under-load',
    guarantee: 'A release is put in place while the former one serves: no request fails for it.',
    how: 'Each migration runs on a filled database while a transaction holds every table and others read and write them; migrations are killed, run twice at once, and left with half-built indexes.',
  },
  {
    suite: 'migration-lint',
    guarantee:
      'No migration locks a table that is in use for longer than a moment, or breaks the former release.',
    how: 'squawk reads every migration; each rule that is left out has its reason and is still needed.',
  },
  {
    suite: 'tokens',
    guarantee:
      'Nobody gets in with a forged, foreign, expired or borrowed token, and every refusal looks the same.',
    how: 'Some eighty tokens (no algorithm, the public key as secret, strange keys and headers, other curves, changed or missing claims, other credentials of ours) at operations of every class, of a person and of an API client; then the log is searched for them.',
  },
  {
    suite: 'revocation',
    guarantee:
      'What ends access ends it on the next request, and a copied refresh token ends its whole session.',
    how: 'Every way to end a session, a person or an API client, with what must go on beside it; sixteen refreshes at once; random orders of refreshes against a model of the rule.',
  },
  {
    suite: 'sign-in-attacks',
    guarantee:
      'Guessing is limited across processes without locking people out, every code works once, and neither answer nor time tells who has an account.',
    how: 'Attacks through two service processes at once; known and unknown accounts measured in turn and compared by Mann-Whitney against noise.',
  },
  {
    suite: 'key-rotation',
    guarantee: 'Every kind of key is replaced while people work, without one failed request.',
    how: 'Clients that read, write, repeat and refresh at two services while signing key, key-encryption key and data keys rotate; then a former key expires, and a leaked one is taken out.',
  },
  {
    suite: 'input',
    guarantee:
      'Nothing that can be sent makes the service fail, wait, believe or repeat it; what two servers could read differently is refused.',
    how: 'Values beyond what some layer holds at every place of every operation, bodies dear to read, types and methods that fool a parser, ambiguous messages on raw sockets, claimed addresses; the log is one line per line.',
  },
  {
    suite: 'slow-clients',
    guarantee: 'Clients that send or read slowly keep nobody else waiting, and are ended in time.',
    how: 'Hundreds of connections that are slow with headers, body or reading, and slowhttptest, while ordinary requests are measured.',
  },
  {
    suite: 'patterns',
    guarantee: 'No regular expression can be made to take long.',
    how: 'Every pattern of the document, format of the validator and literal of the source through recheck, and with attack strings as long as what can reach it.',
  },
  {
    suite: 'restore',
    guarantee:
      'The database goes back to any instant since the oldest backup, whole; what cannot be restored is refused in words and never cut short in silence.',
    how: 'A backup under load, then a dropped table and deleted rows, then a restore to just before: hashes of all rows, audit chain, every sealed text, sessions ended, feed and anchors going on. Backups killed, changed, cut, with gaps; wrong instants, keyrings and folders.',
  },
  {
    suite: 'shred',
    guarantee:
      'A practice whose keys were destroyed stays unreadable, also in a database restored from before; the others are untouched.',
    how: 'Every sealed text is opened before and after, in the database and in one from before; a keyring from before shows that the check can fail. A text moved to another practice does not open there.',
  },
  {
    suite: 'fuzz',
    guarantee:
      'Whatever is sent, the answer is a documented one: what is wrong is refused with its place and changes nothing, what is right is done, and nothing that was sent is repeated in a refusal or the log.',
    how: 'Requests made from the OpenAPI document, each constraint broken once and other values that fit, alone and in random sequences; every operation has to succeed. Replays, stale versions, other roles and the other practice, growing lists, statements per request.',
  },
  {
    suite: 'tenant-crossing',
    guarantee:
      'Whatever of one practice is named in another is answered as if it did not exist, and nothing of it changes.',
    how: 'Two practices with equal data; every place of every operation where an id, cursor, version, key, token, external id or job can be named, with the id of the other and with one that was never given. A place that is not in the matrix fails it.',
  },
  {
    suite: 'row-security',
    guarantee:
      "Even somebody who can run any SQL as the service's own role reads and writes one practice only.",
    how: "Every table, from the catalog: reading, changing, removing and adding whole rows of the other practice, upserts, and rows of one's own that name the other's ids.",
  },
  {
    suite: 'role-matrix',
    guarantee: 'What the access policy does not grant to a role or a scope is refused.',
    how: 'Every operation of the document as every role, as API clients with and without the scope, and without a token.',
  },
  {
    suite: 'field-matrix',
    guarantee:
      'Each role reads and writes the fields that were agreed to, and no column can be written by slipping it into a body.',
    how: 'The fields of real answers per role against a file that is reviewed; every column of every table and prototype names as extra fields in every object of every body.',
  },
  {
    suite: 'partner-walk',
    guarantee: 'Who may see one partner of a couple and not the other finds nothing of the other.',
    how: 'A marker in every field in which something of B can be written; every operation as everybody who sees A and as A at the portal, compared with the answers before B was there and with ids that lead nowhere, in content and in time. B’s own people find every marker.',
  },
  {
    suite: 'canary',
    guarantee:
      'What people write is kept where it belongs: in no log, trace, metric, event, job, error or audit row, and sealed text is readable nowhere on the disk.',
    how: 'Words that are nowhere else in every field of every operation, through valid, refused and failing requests, jobs, commands, a crash and a kill; then a search for them in fifteen encodings, and for others that were planted in each place on purpose.',
  },
  {
    suite: 'audit-completeness',
    guarantee:
      'Every request of somebody signed in that is granted or denied leaves exactly one audit row; where the row cannot be written, nothing is read and nothing is done.',
    how: 'Every operation: granted, without the right, without the second factor, about nothing, stale, repeated under its key and without; and once more with the right to add to the log taken away.',
  },
  {
    suite: 'audit-tamper',
    guarantee:
      'Whatever somebody who owns the database does to the audit log is found, and the first bad row or the missing end is named.',
    how: 'Every column of a log over months and of its seals changed; rows removed, added, exchanged, moved, all written anew with and without the key, a partition taken away, seals made anew by the service itself; at random places, by seed.',
  },
]
