/**
 * {@code java -jar caravan.jar doctor}: tests the configuration with real calls and reports what to
 * change.
 *
 * <p>The main class uses this package, {@code scout}, which starts and calls in the same way, and
 * live reload its quiet start. It starts an application of its own from the same files and calls
 * models through the same routes, so that a user's own steps are tested too. Nothing here is meant
 * for integrators.
 */
package io.caravan.doctor;
