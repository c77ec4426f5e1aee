/**
 * Web search and web fetch as Anthropic's servers have them: what a call may ask for, the blocks of
 * its result, and what the model reads of it. It searches and fetches nothing itself: routes do.
 */
package io.caravan.web;
