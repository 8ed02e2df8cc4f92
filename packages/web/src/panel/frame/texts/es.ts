import type { FrameText } from './en.ts';

export const es: Readonly<Record<FrameText, string>> = {
  log_out: 'Cerrar sesión',
  navigation: 'Secciones del panel',
  sandbox: 'Entorno de pruebas',
  skip: 'Ir al contenido',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Informes',
  nav_settings: 'Ajustes',
  missing: 'No encontrado',
  missing_more: 'Esta página no existe, o usted no puede verla.',
  refused: 'No permitido',
  refused_more: 'Su rol no lo permite. Pregunte a un propietario de esta pasarela.',
  to_start: 'A la página de inicio',
};
