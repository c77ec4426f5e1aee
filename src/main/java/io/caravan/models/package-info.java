/**
 * Models: maps the name that a client sends to a provider's model and its fallbacks, and serves
 * {@code /v1/models}.
 *
 * <p>{@code ChooseModel}, {@code ListModels} and {@code GetModel} are steps of routes; other
 * packages ask the {@link io.caravan.models.ModelDirectory}. An integrator sets its properties and
 * adds providers and model cards as beans in {@code routes/providers}; the directory finds them in
 * the registry. The rest may change.
 */
package io.caravan.models;
