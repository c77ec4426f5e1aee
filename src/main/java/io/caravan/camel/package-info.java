/**
 * The base of those beans that need Camel's context. Every package that knows Camel may use this
 * one; it uses none of them.
 */
package io.caravan.camel;
