#!/usr/bin/env node
// What the package starts with. Old Nodes cannot even read the program, so this is in words that they
// all understand: it says which Node is needed, or goes on to the program.

var NEEDED = 24;
var major = Number(process.versions.node.split('.')[0]);

if (major < NEEDED) {
  console.error('mirrorwatch needs Node %d, and this is Node %s', NEEDED, process.versions.node);
  process.exitCode = 1;
} else {
  require('./mirrorwatch.js');
}
