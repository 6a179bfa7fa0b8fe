export type Locale = 'da' | 'es' | 'fr' | 'zh' | 'en';

/** Written name and the latin form that accounts are made of. */
type Name = readonly [written: string, latin: string];

function plain(text: string): Name[] {
  return text.split(' ').map((pair) => {
    const [written = '', latin = written] = pair.split('/');
    return [written.replaceAll('_', ' '), latin.toLowerCase().replaceAll('_', '')] as const;
  });
}

const GIVEN: Record<Locale, Name[]> = {
  da: plain('Søren/soeren Mette Lærke/laerke Jørgen/joergen Anne Bjørn/bjoern Ida Åse/aase Kasper Freja Niels Signe'),
  es: plain('Lucía/lucia José/jose María/maria Iñaki/inaki Carmen Álvaro/alvaro Sofía/sofia Begoña/begona Pablo Ana'),
  fr: plain('Élodie/elodie Benoît/benoit Zoé/zoe François/francois Camille Hélène/helene Luc Anaïs/anais Théo/theo'),
  zh: plain('伟/wei 芳/fang 娜/na 敏/min 静/jing 磊/lei 洋/yang 艳/yan 勇/yong 晓燕/xiaoyan'),
  en: plain('Olivia Noah Amelia George Priya Daniel Grace Kofi Hannah Liam Zara Ewan Tomasz Ingrid'),
};

const FAMILY: Record<Locale, Name[]> = {
  da: plain(
    'Sørensen/soerensen Ærø/aeroe Møller/moeller Krogh Lind Bæk/baek Østergaard/oestergaard Holm Dahl Nygård/nygaard',
  ),
  es: plain('Núñez/nunez García/garcia Ibáñez/ibanez Peña/pena Ríos/rios Martín/martin Castaño/castano Ortega'),
  fr: plain("Lefèvre/lefevre Gérard/gerard D'Aubigné/daubigne Noël/noel Roux Évrard/evrard Moreau Çelik/celik"),
  zh: plain('王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 欧阳/ouyang'),
  en: plain("Smith Okafor O'Neill/oneill Patel Murphy Walker Nowak Hughes Ferreira Castle Reid Young"),
};

const TITLES =
  'Finance Manager;Accountant;Sales Representative;HR Partner;Developer;Systems Engineer;Office Assistant;Warehouse Lead;Chief Financial Officer;Marketing Specialist';

const LOCALE_OF_COUNTRY: Record<string, Locale> = { dk: 'da', es: 'es', fr: 'fr', cn: 'zh' };

export function localeOfDomain(domain: string): Locale {
  return LOCALE_OF_COUNTRY[domain.split('.').at(-1) ?? ''] ?? 'en';
}

export function givenNames(locale: Locale): readonly Name[] {
  return GIVEN[locale];
}

export function familyNames(locale: Locale): readonly Name[] {
  return FAMILY[locale];
}

/** Chinese family names come first and without a space. */
export function writtenName(locale: Locale, given: Name, family: Name): string {
  return locale === 'zh' ? `${family[0]}${given[0]}` : `${given[0]} ${family[0]}`;
}

export function jobTitles(): string[] {
  return TITLES.split(';');
}
