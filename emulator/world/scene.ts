import type { Random } from '../random.ts';
import type { Evidence } from '../state/security-records.ts';
import type { Adversary } from './adversary.ts';
import type { Device, Estate, Person } from './estate.ts';

export type Product =
  | 'endpoint'
  | 'identity'
  | 'office'
  | 'cloudApps'
  | 'entra'
  | 'xdr'
  | 'dlp'
  | 'appGovernance'
  | 'cloud'
  | 'sentinel'
  | 'insiderRisk';

/** What a story says of one alert; ids, times, links and the rest are added when it is built. */
export interface AlertDraft {
  product: Product;
  detection?: string;
  title: string;
  category: string;
  techniques: string[];
  severity: 'informational' | 'low' | 'medium' | 'high';
  description: string | null;
  actions: string;
  /** Minutes after the story began. */
  minute: number;
  evidence: Evidence[];
  threat?: string;
  actor?: string;
}

export interface StoryDraft {
  alerts: AlertDraft[];
  name?: string;
  tags?: string[];
  summary?: string;
  truth: 'truePositive' | 'falsePositive' | 'informationalExpectedActivity';
  determination: string;
}

/** The stage of one story: who, where, against whom, and when (`stamp` is a timestamp so many minutes in). */
export interface Scene {
  random: Random;
  estate: Estate;
  adversary: Adversary;
  victim: Person;
  device: Device;
  stamp: (minute: number) => string;
}

export type Story = (scene: Scene) => StoryDraft;
