/**
 * The verdicts on tool calls that Claude Code's auto mode waits for: what the client asks, what a
 * judge is shown, and how its reply is read. A verdict is never made up: a call is cleared only by
 * a judge's parsed "allow".
 *
 * <p>{@code stage} and {@code doctor} use this package. It knows neither Camel nor HTTP.
 */
package io.caravan.judge;
