/**
 * The steps for web tools: a search that is answered by a route, tools that the model is offered,
 * and pages that are fetched, or could not be.
 */
package io.caravan.stage.web;
