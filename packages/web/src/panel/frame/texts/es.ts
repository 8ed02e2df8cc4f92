import type { FrameText } from './en.ts';

export const es: Readonly<Record<FrameText, string>> = {
  log_out: 'Cerrar sesión',
  navigation: 'Secciones del panel',
  sandbox: 'Entorno de pruebas',
  skip: 'Ir al contenido',
  nav_orders: 'Pedidos',
  nav_links: 'Enlaces de pago',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Informes',
  nav_settings: 'Ajustes',
  broken_seals:
    'Alarma: hay filas de la base de datos que deciden adónde va el dinero y no son auténticas ({count}). Lo que depende de ellas no se vende. Ejecute webpos doctor en la máquina de la pasarela.',
  nav_notifications: 'Notificaciones',
  nav_people: 'Personas',
  nav_audit: 'Auditoría',
  nav_refunds: 'Reembolsos',
  missing: 'No encontrado',
  missing_more: 'Esta página no existe, o usted no puede verla.',
  refused: 'No permitido',
  refused_more: 'Su rol no lo permite. Pregunte a un propietario de esta pasarela.',
  to_start: 'A la página de inicio',
};
