package io.caravan.web;

/**
 * A page as a route leaves it.
 *
 * @param url the URL that it came from, after redirects
 * @param title its title; empty if it has none
 * @param text its text, as Markdown if it was HTML
 */
public record WebPage(String url, String title, String text) {}
