'use client';
import { useEffect } from 'react';
import { onKeys } from './key-presses';

/** Brings the keyboard to the element of that id when `pressed` is typed. */
export function FocusKey({ pressed, target }: { pressed: string; target: string }) {
  useEffect(() => onKeys({ [pressed]: () => document.getElementById(target)?.focus() }), [pressed, target]);
  return null;
}
