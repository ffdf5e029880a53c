/** Okabe and Ito, 2008: told apart with any of the common kinds of colour blindness. */
export const COLORS = {
  blue: '#0072b2',
  sky: '#56b4e9',
  green: '#009e73',
  orange: '#e69f00',
  vermillion: '#d55e00',
  purple: '#cc79a7',
  grey: '#7f7f7f',
} as const
export type Color = keyof typeof COLORS
/** For as many parts as there are colours, most telling first. */
export const SEQUENCE = [
  COLORS.blue,
  COLORS.orange,
  COLORS.green,
  COLORS.purple,
  COLORS.sky,
  COLORS.vermillion,
] as const
