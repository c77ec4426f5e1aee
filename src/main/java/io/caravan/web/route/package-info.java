/** The services that the web tools use: which of them is configured, and its route. */
package io.caravan.web.route;
