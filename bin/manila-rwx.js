#!/usr/bin/env node
// Plain JavaScript of the oldest kind, so that an old Node reads it and can be told what is wrong.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: manila-rwx needs Node.js 20.19 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
} else {
  import('../dist/main.js').then(
    (program) => program.start(),
    (error) => {
      process.stderr.write(
        error.code === 'ERR_MODULE_NOT_FOUND' && /dist.main\.js/.test(error.message)
          ? 'error: manila-rwx is not built: run `npm run build`\n'
          : `error: manila-rwx could not start: ${error.stack}\n`,
      );
      process.exitCode = 3;
    },
  );
}
