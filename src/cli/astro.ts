/**
 * Astro, told before it starts that nothing leaves this machine: its telemetry reads the variable once, when it is loaded. And
 * what import.meta.env says is its own: variables of the environment that happen to have these names would take their places,
 * and a site be built for another folder, or without its policy.
 */

process.env.ASTRO_TELEMETRY_DISABLED = '1';
for (const name of ['BASE_URL', 'DEV', 'PROD', 'MODE', 'SSR', 'SITE', 'ASSETS_PREFIX']) delete process.env[name];

export const { build, dev } = await import('astro');
