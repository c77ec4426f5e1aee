/**
 * Tools that the gateway runs itself in the middle of a message, as Anthropic's servers do: the
 * model calls one, the client sees call and result as blocks of one message, and the model is
 * called again with the result. What a tool does is not known here.
 */
package io.caravan.servertools;
