import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const RECORD = 'test/support/lab-record.ts';

export default defineConfig({
  test: {
    // Tests wait for processes and sockets more than they compute, so there may be more at work than processors.
    maxWorkers: availableParallelism() + 1,
    // Files share a process one after the other. Reading the program anew for each took half of the time.
    isolate: false,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], setupFiles: [RECORD] } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.lab.test.ts'],
          setupFiles: [RECORD],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          setupFiles: [RECORD],
          globalSetup: ['test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/support/build.ts', 'test/real/stack.ts'],
          // One cluster and one cloud for all files, so they run one after the other; each leaves both as it found them.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
