/**
 * {@code java -jar caravan.jar code} and {@code setup}: Claude Code with the gateway, and the
 * gateway's side of it.
 *
 * <p>Both commands are run inside people's projects. So they, and the doctor, read nothing of the
 * directory they stand in: the gateway is a process of its own, whose working directory is the
 * user's directory of settings. Only the main class and {@code app} use this package.
 */
package io.caravan.launch;
