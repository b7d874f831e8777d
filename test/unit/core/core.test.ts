import { describe, expect, it } from 'vitest';
import { mapLimit } from '../../../src/core/concurrency.ts';
import { durationMs, formatDuration } from '../../../src/core/duration.ts';
import { nearest } from '../../../src/core/nearest.ts';
import { redact, redactText, SecretStore } from '../../../src/core/redaction.ts';
import { retry, retryAfterMs } from '../../../src/core/retry.ts';
import { waitFor } from '../../../src/core/wait.ts';
import { fakeClock, testContext } from '../../support/context.ts';

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['180d', 15_552_000_000],
    ['250ms', 250],
    ['5', undefined],
    ['5 m', undefined],
    ['m5', undefined],
    ['', undefined],
  ])('%j is %s ms', (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each([
    [850, '850 ms'],
    [4200, '4.2 s'],
    [42_000, '42 s'],
    [125_000, '2 min 5 s'],
    [119_700, '2 min'],
  ])('%d ms reads %j', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('retry', () => {
  it('backs off with jitter below a doubling bound and gives up with the last error', async () => {
    const clock = fakeClock();
    let calls = 0;
    const work = async () => {
      calls++;
      throw new Error(`try ${calls}`);
    };
    const policy = { retries: 3, baseMs: 100, capMs: 250 };
    await expect(retry(work, { clock, policy, random: () => 0.5, retryable: () => true })).rejects.toThrow('try 4');
    expect(clock.slept).toEqual([50, 100, 125]);
  });

  it('obeys Retry-After and does not repeat what may not be repeated', async () => {
    const clock = fakeClock();
    let calls = 0;
    const verdicts = [3000, false] as const;
    const work = async () => {
      throw new Error(String(calls++));
    };
    await expect(
      retry(work, {
        clock,
        random: () => 0,
        retryable: (error) => verdicts[Number((error as Error).message)] ?? false,
      }),
    ).rejects.toThrow('1');
    expect(clock.slept).toEqual([3000]);
  });

  it.each([
    ['7', 7000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads Retry-After %j', (header, ms) => expect(retryAfterMs(header, Date.UTC(2026, 0, 1))).toBe(ms));
});

describe('mapLimit', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const out = await mapLimit([5, 1, 3], 2, async (n) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, n));
      running--;
      return n * 2;
    });
    expect(out).toEqual([10, 2, 6]);
    expect(most).toBe(2);
  });

  it('begins nothing after a failure, and waits for what runs', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (n: number) => {
      begun.push(n);
      await new Promise((done) => setTimeout(done, n === 0 ? 1 : 10));
      if (n === 0) throw new Error('first');
      ended.push(n);
    };
    await expect(mapLimit([0, 1, 2, 3], 2, work)).rejects.toThrow('first');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});

describe('redaction', () => {
  it('hides values of secret keys and of Secrets, not names of Secrets', () => {
    expect(
      redact({
        password: 'x1y2',
        secretName: 'driver',
        'csi.storage.k8s.io/provisioner-secret-name': 'driver',
        'os-applicationCredentialSecret': 'abc',
        nested: [{ access_key: 'k' }],
        manifest: { kind: 'Secret', data: { 'os-authURL': 'aHR0cA==' } },
      }),
    ).toEqual({
      password: '[redacted]',
      secretName: 'driver',
      'csi.storage.k8s.io/provisioner-secret-name': 'driver',
      'os-applicationCredentialSecret': '[redacted]',
      nested: [{ access_key: '[redacted]' }],
      manifest: { kind: 'Secret', data: { 'os-authURL': '[redacted]' } },
    });
  });

  it('hides tokens, userinfo and what was registered, in free text', () => {
    const secrets = new SecretStore();
    secrets.add('hunter22');
    const token = `gAAAA${'b'.repeat(60)}`;
    expect(secrets.clean(`http://bob:pw@host/ ${token} hunter22 Bearer abcdefgh1234`)).toBe(
      'http://[redacted]@host/ [redacted] [redacted] Bearer [redacted]',
    );
    expect(redactText('mail bob@example.org')).toBe('mail bob@example.org');
  });
});

describe('nearest', () => {
  it.each([
    ['extraSpec', ['extraSpecs', 'name'], 'extraSpecs'],
    ['Gold', ['gold'], 'gold'],
    ['xyz', ['gold', 'silver'], undefined],
    ['a', [], undefined],
  ])('%j among %j', (wanted, known, found) => expect(nearest(wanted, known)).toBe(found));
});

describe('waitFor', () => {
  it('says what it waits for, and on time-out the last reason and the next command', async () => {
    const clock = fakeClock();
    const ctx = testContext({ clock });
    let looks = 0;
    const error: unknown = await waitFor(ctx, {
      what: 'claim default/data',
      timeoutMs: 5000,
      nextCommand: 'kubectl describe pvc data',
      look: async () => ({ done: false, reason: ++looks > 2 ? 'quota exceeded' : 'no event yet' }),
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      exitCode: 4,
      message: 'timed out after 5.0 s waiting for claim default/data: quota exceeded',
      remedy: 'kubectl describe pvc data',
    });
    expect(ctx.stderr().trim().split('\n')).toEqual([
      '... claim default/data',
      '... claim default/data: no event yet',
      '... claim default/data: quota exceeded',
      'not ok  claim default/data: quota exceeded',
    ]);
  });

  it('returns the value as soon as it is there', async () => {
    const ctx = testContext({ clock: fakeClock() });
    let looks = 0;
    const value = await waitFor(ctx, {
      what: 'x',
      timeoutMs: 5000,
      look: async () => (++looks === 3 ? { done: true, value: 42 } : { done: false, reason: 'not yet' }),
    });
    expect(value).toBe(42);
    expect(ctx.stderr()).toContain('ok  x');
  });
});
