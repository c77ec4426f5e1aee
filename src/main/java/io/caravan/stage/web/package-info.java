/** The steps of the routes that fetch web pages, and that tell a model why one could not be had. */
package io.caravan.stage.web;
