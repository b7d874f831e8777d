import { resolve } from 'node:path';

/** The built program. */
export const BIN = resolve(import.meta.dirname, '../../bin/manila-rwx.js');
