/**
 * The stages: one class a step of a route, and nothing else.
 *
 * <p>Every public class is a processor, an expression or a predicate with typed properties, and is
 * declared in YAML: in a Kamelet if it runs once a request, as a bean if it runs for every part of
 * a stream. A stage knows the exchange contract and not its neighbours. No other package calls one.
 * An integrator configures, moves, removes or replaces a stage in YAML; its properties and its part
 * of the contract stay, its methods may change.
 */
package io.caravan.stage;
