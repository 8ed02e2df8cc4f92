import { describe, expect, it } from 'vitest';
import { unusualPaths } from './unusual-paths.ts';

const KEY = 'xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V';

describe('the path of a wallet', () => {
  it.each([
    [`wpkh([d34db33f/84h/0h/0h]${KEY}/0/*)`, 'p2wpkh'],
    [`wpkh(${KEY}/0/*)`, 'p2wpkh'],
    [`wpkh([d34db33f/0h]${KEY}/0/*)`, 'p2wpkh'],
    [`wpkh(${KEY}/*)`, 'p2wpkh'],
    [`wpkh(${KEY}/7/1/*)`, 'p2wpkh'],
    [`wsh(sortedmulti(1,${KEY}/0/*,${KEY}/1/*))`, 'p2wsh'],
    [`tr([d34db33f/86h/0h/5h]${KEY}/0/*)`, 'p2tr'],
    [`wsh(sortedmulti(2,[d34db33f/48h/0h/0h/2h]${KEY}/0/*,[d34db33f/87h/0h/0h]${KEY}/0/*))`, 'p2wsh'],
  ] as const)('is normal: %s', (descriptor, kind) => {
    expect(unusualPaths(descriptor, kind, 'bitcoin')).toEqual([]);
  });

  it.each([
    [`wpkh([d34db33f/86h/0h/0h]${KEY}/0/*)`, 'p2wpkh', /begins with 86h.*than p2wpkh/],
    [`tr([d34db33f/84h/0h/0h]${KEY}/0/*)`, 'p2tr', /begins with 84h.*than p2tr/],
    [`wpkh([d34db33f/84h/1h/0h]${KEY}/0/*)`, 'p2wpkh', /coin type 1h.*bitcoin use 0h/],
    [`wpkh([d34db33f/84h/0h/0h]${KEY}/1/*)`, 'p2wpkh', /branch is \/1\/\*.*change/],
    [`wsh(sortedmulti(1,${KEY}/1/*,[d34db33f/48h/0h/0h/2h]${KEY}/1/*))`, 'p2wsh', /branch is \/1\/\*/],
  ] as const)('is unusual: %s', (descriptor, kind, fault) => {
    expect(unusualPaths(descriptor, kind, 'bitcoin').join()).toMatch(fault);
  });

  it('may have several oddities, each reported once', () => {
    const keys = `[d34db33f/84h/1h/0h]${KEY}/1/*`;
    expect(unusualPaths(`wsh(sortedmulti(1,${keys},${keys}))`, 'p2wsh', 'bitcoin')).toHaveLength(3);
  });
});
