import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../bin/manila-rwx.js', import.meta.url));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a command to its end. Returns milliseconds, exit code and output. */
export async function timed(command, args, options = {}) {
  const begin = process.hrtime.bigint();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  return { ms: Number(process.hrtime.bigint() - begin) / 1e6, code, stdout, stderr };
}

/** Milliseconds from the start of a command to the first byte that it sends to a local server, then ends it. */
export async function firstByte(args, options) {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  const arrived = new Promise((done) => {
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => done(process.hrtime.bigint()));
    });
  });
  const begin = process.hrtime.bigint();
  const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore', ...options(port) });
  const exited = new Promise((done) => child.on('close', done));
  const end = await Promise.race([arrived, exited.then(() => undefined)]);
  child.kill('SIGKILL');
  await exited;
  server.close();
  if (end === undefined) throw new Error(`manila-rwx ${args.join(' ')} ended without sending anything`);
  return Number(end - begin) / 1e6;
}

/** Runs each measurement in turn, `runs` times over, so that noise of the machine meets all alike; medians. */
export async function interleaved(measurements, runs) {
  const samples = measurements.map(() => []);
  for (let run = -1; run < runs; run++) {
    for (const [i, measure] of measurements.entries()) {
      const value = await measure();
      if (run >= 0) samples[i].push(value);
    }
  }
  return samples.map((values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) }));
}

export function markdownTable(titles, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
