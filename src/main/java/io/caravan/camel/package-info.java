/**
 * The bases of those beans that need Camel's context, or its start. Every package that knows Camel
 * may use this one; it uses none of them.
 */
package io.caravan.camel;
