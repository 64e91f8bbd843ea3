import { expect, it } from 'vitest';
import { findRule } from '../../src/rules/index.js';
import { namingRemoteServer, ndrReasons } from '../../src/sim/model/ndr.js';

it.each(Object.entries(ndrReasons))(
  'DS: the report %s has a code, a text that says it, and a rule',
  (_, reason) => {
    expect(reason.code).toMatch(/^[45]\.\d\.\d+$/);
    expect(reason.text).toMatch(new RegExp(`^[45]\\d\\d ${reason.code.replaceAll('.', '\\.')} \\S`));
    expect(findRule(reason.rule)).toBeDefined();
  },
);

it('NDR-01: a report on what was refused outside names the remote server, and quotes its answer', () => {
  expect(namingRemoteServer(ndrReasons.tooLargeOutside, 'mx.partner.example')).toEqual({
    code: '5.3.4',
    rule: 'NDR-01',
    text: "Remote Server at mx.partner.example returned '552 5.3.4 message size exceeds fixed maximum message size'",
  });
});
