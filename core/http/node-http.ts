// Node's clients of HTTP and HTTPS. Importing node:http also loads Node's WebSocket and fetch,
// which are unused here: 20 ms of the 300 ms of a run over a small dataset.

export const http = process.getBuiltinModule('node:http');
export const https = process.getBuiltinModule('node:https');
