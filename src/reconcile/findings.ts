import { CliError } from '../core/errors.ts';
import { ExitCode } from '../core/exit-codes.ts';

/** Something that the file wants and this cloud is too old for. The rest is done without it. */
export interface LeftOut {
  /** Kind and name of the object, as in changes. */
  kind: string;
  name: string;
  /** The field, as in changes: `description`. */
  path: string;
  /** What it needs and what the cloud has. */
  reason: string;
}

/**
 * What was found while looking and planning. Everything that stands in the way is collected and told together,
 * before anything is written.
 */
export class Findings {
  readonly leftOut: LeftOut[] = [];
  readonly #refusals: CliError[] = [];

  refuse(error: CliError): void {
    this.#refusals.push(error);
  }

  leaveOut(one: LeftOut): void {
    this.leftOut.push(one);
  }

  /** Takes over what was found apart, while it was not known yet whether it is worth telling. */
  takeOver(other: Findings): void {
    this.#refusals.push(...other.#refusals);
    this.leftOut.push(...other.leftOut);
  }

  /** Runs a part of the work: what it throws is one more refusal, so that the other parts have their say too. */
  async collect<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.refuse(error);
      return undefined;
    }
  }

  /** Has anything been refused yet? */
  get refused(): boolean {
    return this.#refusals.length > 0;
  }

  /** @throws CliError: the one refusal as it is, or `refused` with all of them in the order of the file. */
  throwIfRefused(): void {
    const distinct = [...new Map(this.#refusals.map((error) => [error.message, error])).values()];
    const [only, ...more] = distinct;
    if (!only) return;
    if (more.length === 0) throw only;
    const sorted = distinct.sort((a, b) => placeOf(a) - placeOf(b));
    const list = sorted.map(({ message, remedy }) => `\n  ${message}${remedy === undefined ? '' : ` (${remedy})`}`);
    throw new CliError({
      code: 'refused',
      exitCode: sorted.some(({ exitCode }) => exitCode === ExitCode.Usage) ? ExitCode.Usage : only.exitCode,
      message: `${sorted.length} things stand in the way; nothing was changed:${list.join('')}`,
      errors: sorted,
    });
  }
}

/** Line and column as one number; what has no place comes last. */
function placeOf({ message }: CliError): number {
  const [, line, column] = /^\S*?:(\d+):(\d+): /.exec(message) ?? [];
  return line === undefined ? Infinity : Number(line) * 10_000 + Number(column);
}
