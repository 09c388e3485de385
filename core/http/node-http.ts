// Node's clients of HTTP and HTTPS. An import of node:http also loads Node's WebSocket and fetch,
// which nothing here uses: 20 ms of a run over a small dataset that takes 300.

export const http = process.getBuiltinModule('node:http');
export const https = process.getBuiltinModule('node:https');
