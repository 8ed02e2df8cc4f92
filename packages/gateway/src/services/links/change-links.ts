/** Creates and changes payment links, and records who did. */
import { randomInt } from 'node:crypto';
import { parseId, type LinkId, type PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import { readLinkName, readLinkTerms, type LinkFaults, type LinkInput } from '../../links/read-terms.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { CreationContext } from '../context.ts';
import { linkTermsJson } from './link-json.ts';

export type LinkContext = CreationContext & AuditContext;

/** The link does not exist, or its POS does not. */
export class LinkMissingError extends OperatorError {
  override readonly name = 'LinkMissingError';
}

/** What was entered has faults. Nothing is stored. */
export class LinkFaultsError extends OperatorError {
  override readonly name = 'LinkFaultsError';
  readonly faults: LinkFaults;

  constructor(faults: LinkFaults) {
    super(
      Object.entries(faults)
        .map(([field, fault]) => `${field}: ${LINK_FAULTS[fault]}`)
        .join('; '),
    );
    this.faults = faults;
  }
}

type Fault = NonNullable<LinkFaults[keyof LinkFaults]>;

/** What is expected, in English, for programs and commands. */
export const LINK_FAULTS: Readonly<Record<Fault, string>> = {
  required: 'must not be empty',
  too_long: 'must be shorter: at most 100 characters for a title, 1000 for a description',
  characters: 'must not contain control characters, or characters that change the direction of text',
  amount: 'must be a decimal number above 0, with no more decimals than its currency has',
  fixed_and_open: 'must not come with min_amount or max_amount, which are for amounts that the buyer enters',
  below_min: 'must not be below min_amount',
  quantity: 'must be a whole number from 1 to 1000000',
  time: 'must be a time such as 2026-11-23T18:00:00Z',
  name: 'must be 1 to 64 lower-case letters, digits and hyphens, with no hyphen at its ends',
  taken: 'is the name of another link',
};

export interface NewLink extends LinkInput {
  readonly posId: PosId;
  /** The end of its URL. Empty: one that nobody guesses. */
  readonly name?: string | undefined;
}

/** @throws LinkFaultsError; LinkMissingError if the POS does not exist. */
export async function createLink(
  context: LinkContext,
  actor: Actor,
  { posId, name = '', ...input }: NewLink,
): Promise<PaymentLink> {
  const { store, clock, newUuid } = context;
  const chosen = name.trim() === '' ? undefined : readLinkName(name);
  return store.transaction(async (tx) => {
    const pos = await tx.pos.get(posId);
    if (pos === undefined) throw new LinkMissingError(`no POS with id ${posId}`);
    const read = readLinkTerms(input, pos.currency);
    const nameFault = name.trim() !== '' && chosen === undefined ? ({ name: 'name' } as const) : {};
    if ('faults' in read || 'name' in nameFault)
      throw new LinkFaultsError({ ...('faults' in read ? read.faults : {}), ...nameFault });
    const fixed = { id: parseId<LinkId>(newUuid()), posId, active: true, createdAt: clock.now() };
    const link: PaymentLink = { ...fixed, ...read.terms, name: chosen ?? randomName() };
    if (!(await tx.links.insert(link))) throw new LinkFaultsError({ name: 'taken' });
    await recordAction(context, tx, actor, {
      action: 'link.create',
      subject: { kind: 'link', id: link.id },
      after: { pos: posId, name: link.name, ...linkTermsJson(link) },
    });
    return link;
  });
}

/** Replaces the terms of a link. Orders that were opened before keep theirs. @throws LinkFaultsError; LinkMissingError. */
export function updateLink(context: LinkContext, actor: Actor, id: LinkId, input: LinkInput): Promise<PaymentLink> {
  return changeLink(context, actor, id, 'link.update', async (link, tx) => {
    const pos = await tx.pos.get(link.posId);
    if (pos === undefined) throw new LinkMissingError(`no POS with id ${link.posId}`);
    const read = readLinkTerms(input, pos.currency);
    if ('faults' in read) throw new LinkFaultsError(read.faults);
    return { ...link, ...read.terms };
  });
}

/** Disables a link, or enables it again. Its open orders go on. @throws LinkMissingError. */
export function switchLink(context: LinkContext, actor: Actor, id: LinkId, active: boolean): Promise<PaymentLink> {
  return changeLink(context, actor, id, active ? 'link.enable' : 'link.disable', async (link) => ({ ...link, active }));
}

async function changeLink(
  context: LinkContext,
  actor: Actor,
  id: LinkId,
  action: string,
  change: (link: PaymentLink, tx: StoreTransaction) => Promise<PaymentLink>,
): Promise<PaymentLink> {
  return context.store.transaction(async (tx) => {
    const link = await tx.links.lock(id);
    if (link === undefined) throw new LinkMissingError(`no link with id ${id}`);
    const changed = await change(link, tx);
    const [before, after] = [linkTermsJson(link), linkTermsJson(changed)];
    if (JSON.stringify(before) === JSON.stringify(after)) return link;
    await tx.links.update(changed);
    await recordAction(context, tx, actor, { action, subject: { kind: 'link', id }, before, after });
    return changed;
  });
}

/** Without letters and digits that look like others, because it may be typed from paper. */
const ALPHABET = '23456789abcdefghjkmnpqrstvwxyz';
/** 78 bits: nobody finds a link by trying names. */
const RANDOM_LENGTH = 16;

function randomName(): string {
  return Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
