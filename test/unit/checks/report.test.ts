import { describe, expect, it } from 'vitest';
import type { VerifyEnv } from '../../../src/checks/env.ts';
import { VERIFY_CHECKS } from '../../../src/checks/registry.ts';
import { countsOf, exitCodeOf, proofs, summaryOf, type VerifyReport, verdictOf } from '../../../src/checks/report.ts';
import type { Finished } from '../../../src/checks/runner.ts';
import type { CheckResult, Status } from '../../../src/checks/types.ts';
import { junitOf, junitOfError } from '../../../src/report/junit.ts';
import { styleFor } from '../../../src/report/style.ts';
import { verifyView } from '../../../src/report/views/verify.ts';
import { PassThrough } from 'node:stream';
import { parseXml } from '../../support/xml.ts';

function result(id: string, status: Status, more: Partial<CheckResult> = {}): CheckResult {
  const check = VERIFY_CHECKS.find((one) => one.id === id);
  const title = check?.title ?? id;
  return {
    id,
    title,
    tier: 'T1',
    status,
    summary: `${id} ${status}`,
    durationMs: 1234,
    evidence: [],
    measurements: [],
    ...more,
  };
}

function report(checks: CheckResult[], more: Partial<VerifyReport> = {}): VerifyReport {
  const verdict = verdictOf(checks, false);
  const nodes = ['node1', 'node2'];
  const storageClass = { name: 'gold', provisioner: 'nfs.manila.csi.openstack.org' };
  return {
    run: 'abc234',
    verdict,
    summary: summaryOf({ verdict, checks, nodes, storageClass }),
    startedAt: '2026-01-02T03:04:05.000Z',
    cluster: { server: 'https://10.0.0.1:6443', context: 'prod' },
    namespace: 'manila-rwx-verify-abc234',
    storageClass,
    volume: { pv: 'pvc-1', share: 'share-1', capacity: '1Gi' },
    image: 'busybox',
    nodes,
    skippedNodes: [{ name: 'node3', reason: 'cordoned' }],
    checks,
    counts: countsOf(checks),
    verified: ['one'],
    notVerified: [{ what: 'two', why: 'B1 failed' }],
    kept: false,
    leftovers: [],
    timings: { prepareMs: 1, claimMs: 2, podsMs: 3, checksMs: 4, deleteMs: 5, cleanUpMs: 6, totalMs: 61_000 },
    ...more,
  };
}

const LEFT = [{ kind: 'Share', name: 's1', state: 'error_deleting', command: 'openstack share delete s1' }];

describe('the exit code', () => {
  it.each([
    [['PASS', 'WARN', 'INFO', 'SKIP'], false, false, 0],
    [['PASS', 'FAIL'], false, false, 1],
    [['FAIL', 'ERROR'], true, false, 1],
    [['PASS', 'ERROR'], true, false, 4],
    [['PASS', 'ERROR'], false, false, 3],
    [['FAIL', 'ERROR'], false, true, 4],
    [['PASS'], false, true, 4],
  ] as const)('of %j (timed out %s, left over %s) is %d', (statuses, timedOut, left, code) => {
    const checks = statuses.map((status) => result('B1', status, status === 'ERROR' ? { timedOut } : {}));
    expect(exitCodeOf({ checks, leftovers: left ? LEFT : [] })).toBe(code);
  });
});

describe('what is proved', () => {
  const finished = (id: string, status: Status, more: object = {}, outcome: object = {}): Finished => {
    const check = VERIFY_CHECKS.find((one) => one.id === id);
    if (!check) throw new Error(id);
    return { check, result: result(id, status, more), outcome: { status, summary: '', ...outcome } };
  };
  const about = (...done: Finished[]) => proofs<VerifyEnv>(VERIFY_CHECKS, done);

  it('covers every check there is, also those that were not run', () => {
    const { verified, notVerified } = about(finished('A1', 'PASS'), finished('B1', 'FAIL'));
    expect(verified).toEqual(['a ReadWriteMany claim of the class gets a volume']);
    expect(notVerified).toHaveLength(VERIFY_CHECKS.length - 1);
    expect(notVerified.map(({ why }) => why)).toContain('B1 failed');
    expect(notVerified.map(({ why }) => why)).toContain('A3 was left out');
  });

  it('takes a lesser proof where the check says so', () => {
    const lesser = { proved: 'same device', notProved: [{ what: 'network mount', why: 'ext4' }] };
    const { verified, notVerified } = about(finished('A4', 'PASS', {}, lesser));
    expect(verified).toEqual(['same device']);
    expect(notVerified).toContainEqual({ what: 'network mount', why: 'ext4' });
  });

  it('names the root of what was blocked', () => {
    const { notVerified } = about(finished('B2', 'SKIP', { blockedBy: 'A3', summary: 'blocked by A3' }));
    expect(notVerified.map(({ why }) => why)).toContain('blocked by A3');
  });

  it('never looks green when nothing between nodes was run', () => {
    expect(report([result('A1', 'PASS'), result('B1', 'SKIP')]).summary).toContain('RWX across nodes NOT verified');
  });
});

describe('JUnit', () => {
  const checks = [
    result('A1', 'PASS'),
    result('A4', 'WARN', { summary: 'soft' }),
    result('B1', 'FAIL', {
      code: 'not-shared',
      remedy: 'look',
      evidence: [{ node: 'n1', command: 'cat x', exitCode: 1 }],
    }),
    result('B2', 'SKIP', { summary: 'blocked by B1' }),
    result('C1', 'ERROR'),
  ];

  it('has a testcase a check, and the sums of them', () => {
    const root = parseXml(junitOf(report(checks)));
    expect(root.name).toBe('testsuites');
    const [suite] = root.children;
    const sums = { tests: '5', failures: '1', errors: '1', skipped: '1', time: '61.000' };
    expect(root.attributes).toMatchObject(sums);
    expect(suite?.attributes).toMatchObject({ ...sums, name: 'verify', timestamp: '2026-01-02T03:04:05.000Z' });
    const cases = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
    expect(cases.map(({ attributes, children }) => [attributes.name?.split(' ')[0], children[0]?.name])).toEqual([
      ['A1', 'system-out'],
      ['A4', 'system-out'],
      ['B1', 'failure'],
      ['B2', 'skipped'],
      ['C1', 'error'],
    ]);
    expect(cases[2]?.attributes).toMatchObject({ classname: 'manila-rwx.verify.T1', time: '1.234' });
    expect(cases[2]?.children[0]).toMatchObject({
      attributes: { message: 'B1 FAIL', type: 'not-shared' },
      text: 'Remedy: look\nn1:\n  $ cat x   [exit code 1]',
    });
    expect(cases[1]?.children[0]?.text).toContain('WARN: soft');
    const properties = suite?.children[0]?.children.map(({ attributes }) => [attributes.name, attributes.value]);
    expect(properties).toContainEqual(['nodes', 'node1,node2']);
  });

  it('fails a case where something was left behind', () => {
    const root = parseXml(junitOf(report([result('A1', 'PASS')], { leftovers: LEFT })));
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1' });
    expect(root.children[0]?.children.at(-1)?.children[0]?.text).toBe('Share s1 is left: openstack share delete s1');
  });

  it('holds whatever a server may say', () => {
    const hostile = `<a href="x">&amp; ]]> \u0000\u001b[31m\u0007 'q' \ud800 \uffff \u{1f4a5}\n\ttab\r`;
    const failing = result('B1', 'FAIL', { summary: hostile, remedy: hostile, evidence: [{ output: hostile }] });
    const suite = parseXml(junitOf(report([failing]))).children[0];
    const failure = suite?.children.at(-1)?.children[0];
    const kept = hostile.replaceAll(/[\u0000\u001b\u0007\uffff]|\ud800/g, '\ufffd');
    expect(failure?.attributes.message).toBe(kept);
    expect(failure?.text).toContain(`Remedy: ${kept}`);
  });

  it('is written too where the run could not begin', () => {
    const root = parseXml(junitOfError('no "cluster" & no <kubeconfig>', 'name one'));
    expect(root.attributes).toMatchObject({ tests: '1', errors: '1' });
    expect(root.children[0]?.children[0]?.children[0]).toMatchObject({
      name: 'error',
      attributes: { message: 'no "cluster" & no <kubeconfig>' },
      text: 'name one',
    });
  });
});

describe('the text report', () => {
  const style = { ...styleFor(new PassThrough(), false), width: 80 };
  const long =
    'the volume is not mounted on node1 and node2: mount.nfs: access denied by server while mounting it again';
  const failed = report([
    result('A1', 'PASS'),
    result('A3', 'FAIL', { summary: long, remedy: long, evidence: [{ node: 'n', events: [long] }] }),
  ]);

  it('fits 80 columns and names the nodes, the failure, its remedy and what is not verified', () => {
    const text = verifyView.table(failed, style);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^nodes +node1, node2$/m);
    expect(text).toMatch(/^ {2}FAIL +A3 +the volume is not mounted/m);
    expect(text).toContain('NOT verified\n  - two (B1 failed)');
    expect(text).toContain('node3: cordoned');
    expect(text).toMatch(/\nFAILED {2}A3: the volume/);
  });

  it('breaks no word that is longer than a line', () => {
    const path = `10.0.0.10:/${'x'.repeat(120)}`;
    expect(verifyView.table(report([result('A3', 'FAIL', { summary: `mounting ${path} failed` })]), style)).toContain(
      path,
    );
  });

  it('names what is left and how to remove it', () => {
    const text = verifyView.table(report([result('A1', 'PASS')], { leftovers: LEFT }), style);
    expect(text).toContain(
      'Left behind; all of it goes with: manila-rwx verify --cleanup-only abc234\n  Share s1 (error_deleting)\n    openstack share delete s1',
    );
  });
});
