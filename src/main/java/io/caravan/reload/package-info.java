/**
 * Live reload of the route files, without a request that notices it.
 *
 * <p>Only the main class uses this package. An edit is tried in an application of its own, then the
 * routes of the edited files are built anew beside the old ones. New requests enter the new routes;
 * those under way end in the old ones, which stop once they are idle. Where live reload is off,
 * only the context is one of this package, and it does what Camel's own does.
 */
package io.caravan.reload;
