/**
 * Explanations of a request: what would be sent where and why, its tokens by part, and what would
 * be lost. Nothing is called.
 */
package io.caravan.explain;
