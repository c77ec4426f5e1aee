/**
 * The application: its start and stop, its checks, health, and the pages for a person.
 *
 * <p>Nothing but the main class uses this package; it uses all others. Its beans are declared in
 * {@code routes/beans.camel.yaml}, so that JBang, Quarkus and Camel K have the same checks and the
 * same ready line as the runnable jar. An integrator changes settings in {@code
 * application.properties}; these classes themselves may change.
 */
package io.caravan.app;
