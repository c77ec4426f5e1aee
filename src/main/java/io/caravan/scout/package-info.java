/**
 * {@code java -jar caravan.jar scout}: tries the models of a provider as Claude Code would use
 * them, within half of the account's calls a minute, and writes what it finds as a table, as JSON
 * and as model cards.
 *
 * <p>Only the main class uses this package. It calls models through the routes of every message, so
 * that what a model refuses is cured as in a live request. {@code Scouting} and what it uses know
 * neither Camel nor a clock of their own. Nothing here is meant for integrators.
 */
package io.caravan.scout;
