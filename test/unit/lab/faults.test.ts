import { describe, expect, it } from 'vitest';
import { FaultPlan, parseFault, type FaultOccasion } from '../../../src/lab/faults.ts';

const create: FaultOccasion = { place: 'manila', method: 'POST', template: '/v2/shares', path: '/v2/shares' };
const extend: FaultOccasion = {
  place: 'manila',
  method: 'POST',
  template: '/v2/shares/{share_id}/action#extend',
  path: '/v2/shares/4711/action',
};

describe('a fault is written as WHERE=WHAT with options', () => {
  it('reads place, method, path, effect and options', () => {
    expect(parseFault('manila:post:/v2/shares=429,retry-after=3,times=2,after=1,rate=0.5')).toEqual({
      spec: 'manila:post:/v2/shares=429,retry-after=3,times=2,after=1,rate=0.5',
      place: 'manila',
      method: 'POST',
      path: '/v2/shares',
      effect: 'status',
      status: 429,
      retryAfter: 3,
      times: 2,
      after: 1,
      rate: 0.5,
      delayMs: 1000,
    });
    expect(parseFault('keystone=delay,by=1m30s')).toMatchObject({
      place: 'keystone',
      effect: 'delay',
      delayMs: 90_000,
    });
    expect(parseFault('node:worker-1=mount-denied')).toMatchObject({ place: 'node', node: 'worker-1' });
    expect(parseFault('kubernetes:*:/api/v1/**=watch-cut')).not.toHaveProperty('method');
    expect(parseFault('manila=500,message=no, not today,times=1')).toMatchObject({
      message: 'no, not today',
      times: 1,
    });
  });

  it.each([
    ['manila', 'is not WHERE=WHAT'],
    ['manilla=reset', 'unknown place "manilla" (did you mean "manila"?)'],
    ['manila=resett', 'manila has no fault "resett" (did you mean "reset"?)'],
    ['keystone=share-error', 'keystone has no fault "share-error"'],
    ['manila=200', 'manila has no fault "200"'],
    ['node=503', 'node has no fault "503"'],
    ['manila=503,time=2', 'unknown option "time" (did you mean "times"?)'],
    ['manila=503,times=0', 'times=0, which is not a whole number above 0'],
    ['manila=503,rate=2', 'rate=2, which is not a number from 0 to 1'],
    ['manila=delay,by=soon', 'by=soon, which is not a duration'],
    ['manila=429,retry-after=', 'retry-after=, which is not a whole number'],
  ])('refuses %s', (spec, sentence) => {
    expect(() => parseFault(spec)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(sentence) as string }),
    );
  });
});

describe('a fault hits', () => {
  it.each([
    ['manila=503', true],
    ['keystone=503', false],
    ['manila:POST=503', true],
    ['manila:GET=503', false],
    ['manila:POST:/v2/shares/{share_id}/action=503', true],
    ['manila:POST:/v2/shares/*/action=503', true],
    ['manila:POST:/v2/shares/4711/action=503', true],
    ['manila:POST:/v2/shares/4712/action=503', false],
    ['manila:POST:/v2/shares/*/action#extend=503', true],
    ['manila:POST:/v2/shares/*/action#shrink=503', false],
    ['manila:POST:/v2/**=503', true],
    ['manila:POST:/v2/shares=503', false],
    ['manila:POST:/v2/shares/*=503', false],
  ])('%s: %s', (spec, hit) => {
    expect(new FaultPlan([spec]).take(extend, ['status']) !== undefined).toBe(hit);
  });

  it('only with an effect that is asked for, and only its own node', () => {
    expect(new FaultPlan(['manila=delay']).take(create, ['status', 'reset'])).toBeUndefined();
    const plan = new FaultPlan(['node:worker-1=mount-hang']);
    expect(plan.take({ place: 'node', node: 'worker-2' }, ['mount-hang'])).toBeUndefined();
    expect(plan.take({ place: 'node', node: 'worker-1' }, ['mount-hang'])).toMatchObject({ effect: 'mount-hang' });
  });

  it('after some occasions, and as often as it says', () => {
    const plan = new FaultPlan(['manila=503,after=1,times=2']);
    const hits = Array.from({ length: 5 }, () => plan.take(create, ['status']) !== undefined);
    expect(hits).toEqual([false, true, true, false, false]);
    expect(plan.happened()).toEqual([{ spec: 'manila=503,after=1,times=2', count: 2 }]);
    plan.clear();
    expect(plan.take(create, ['status'])).toBeUndefined();
  });

  it('the same occasions with the same seed, and others with another', () => {
    const hits = (seed: number): string => {
      const plan = new FaultPlan(['manila=503,rate=0.5'], { seed });
      return Array.from({ length: 64 }, () => (plan.take(create, ['status']) ? 'x' : '.')).join('');
    };
    expect(hits(7)).toBe(hits(7));
    expect(hits(7)).not.toBe(hits(8));
    const share = hits(7).replaceAll('.', '').length / 64;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
  });
});
