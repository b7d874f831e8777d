import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What is in the shares: a folder each, which all nodes see. A real cloud keeps this in its storage back end. */
export class ShareFolders {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The folder of a share, made if this is its first use. */
  async open(share: string): Promise<string> {
    return makeShare(join(this.#folder, 'shares', fileName(share)));
  }

  /** A folder that stands for the share on one node only. */
  async openAlone(share: string, node: string): Promise<string> {
    return makeShare(join(this.#folder, 'nodes', node, fileName(share)));
  }

  /** A share that is deleted takes along what is in it. */
  async remove(share: string): Promise<void> {
    const nodes = await readdir(join(this.#folder, 'nodes')).catch(() => []);
    const folders = ['shares', ...nodes.map((node) => join('nodes', node))];
    await Promise.all(
      folders.map((parent) => rm(join(this.#folder, parent, fileName(share)), { recursive: true, force: true })),
    );
  }

  /** Keeps what is in a share now. */
  async snapshot(share: string, snapshot: string): Promise<void> {
    await copy(await this.open(share), join(this.#folder, 'snapshots', fileName(snapshot)));
  }

  /** Fills a new share with what a snapshot keeps; one that was made outside the cluster keeps nothing here. */
  async restore(snapshot: string, share: string): Promise<void> {
    const source = join(this.#folder, 'snapshots', fileName(snapshot));
    if (await isFolder(source)) await copy(source, await this.open(share));
  }

  async removeSnapshot(snapshot: string): Promise<void> {
    await rm(join(this.#folder, 'snapshots', fileName(snapshot)), { recursive: true, force: true });
  }
}

/** A new share belongs to everybody, as the folder of a new export does. */
async function makeShare(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777).catch(() => undefined);
  return folder;
}

/** With owners and modes, which Node's own `cp` leaves behind. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await promisify(execFile)('cp', ['-pPR', `${from}/.`, to]);
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}

function fileName(id: string): string {
  return id.replaceAll(/[^\w.-]+/g, '_');
}
