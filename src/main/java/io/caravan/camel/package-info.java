/**
 * The part that all beans of Caravan have in common towards Camel. Every package may use it except
 * the pure ones; it uses none of them.
 */
package io.caravan.camel;
