package io.caravan.stage;

import io.caravan.markup.MarkupDocument;
import io.caravan.translate.response.ThinkTag;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * The ways of writing calls and reasoning that routes describe beside the bundled ones. They are
 * looked up once: a new one takes effect at the next start.
 */
final class MarkupDocuments {
  private final List<MarkupDocument> own;
  private final List<ThinkTag> thinkTags;

  private MarkupDocuments(List<MarkupDocument> own) {
    this.own = own;
    thinkTags =
        ThinkTag.withCommon(
            Stream.concat(own.stream(), MarkupDocument.bundled().stream())
                .filter(document -> !document.getThinkOpen().isEmpty())
                .map(document -> new ThinkTag(document.getThinkOpen(), document.getThinkClose()))
                .toList());
  }

  static MarkupDocuments of(CamelContext context) {
    MarkupDocuments known =
        context.getCamelContextExtension().getContextPlugin(MarkupDocuments.class);
    if (known == null) {
      known =
          new MarkupDocuments(List.copyOf(context.getRegistry().findByType(MarkupDocument.class)));
      context.getCamelContextExtension().addContextPlugin(MarkupDocuments.class, known);
    }
    return known;
  }

  /** Returns those that the routes describe. */
  List<MarkupDocument> own() {
    return own;
  }

  /** Returns the tags around reasoning, of all models. */
  List<ThinkTag> thinkTags() {
    return thinkTags;
  }
}
