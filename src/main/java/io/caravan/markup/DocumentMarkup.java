package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/** A family that a {@link MarkupDocument} describes. */
final class DocumentMarkup implements MarkupFamily {
  private final MarkupDocument document;

  /** The strings around a call; null if the calls are objects of their own. */
  private final CallForm form;

  private final String wrapper;
  private final List<Marker> markers = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if the document can't be used
   */
  DocumentMarkup(MarkupDocument document) {
    document.check();
    this.document = document;
    boolean list = document.call().equals(CallForm.CALLS);
    form = list ? null : new CallForm(document);
    List<String> tags = CallForm.tags(document.open());
    wrapper = tags.isEmpty() ? "" : tags.get(0);
    if (!wrapper.isEmpty()) {
      markers.add(new Marker(this, wrapper, Marker.Kind.OPENING, place(), !isTag(wrapper)));
    }
    if (form != null) {
      addHeads();
      form.afterClose.forEach(tag -> markers.add(Marker.stray(this, tag)));
    }
    if (!document.close().isEmpty()) {
      markers.add(
          document.isAnywhere()
              ? Marker.stray(this, document.close())
              : Marker.closer(this, document.close()));
    }
  }

  private static boolean isTag(String opening) {
    return opening.charAt(0) == '<' || opening.charAt(0) == '[';
  }

  private Marker.Place place() {
    if (Character.isLetterOrDigit(wrapper.charAt(0))) {
      return Marker.Place.START;
    }
    return document.isAnywhere() ? Marker.Place.ANYWHERE : Marker.Place.BREAK;
  }

  /**
   * Adds the call's own first tags, since the wrapper may be missing. Without it a tag that prose
   * may hold counts only if nothing follows.
   */
  private void addHeads() {
    List<String> head = form.head;
    if (head.isEmpty()) {
      return;
    }
    addHead(head.get(0));
    if (head.size() > 1) {
      addHead(head.get(head.size() - 1));
    }
  }

  private void addHead(String tag) {
    boolean wholeTag = tag.endsWith(">") && form.behindId.isEmpty();
    boolean lone = !wholeTag || !wrapper.isEmpty();
    if (CallForm.isControl(tag)) {
      markers.add(Marker.token(this, tag));
    } else if (!Character.isLetterOrDigit(tag.charAt(0))) {
      markers.add(lone ? Marker.loneTag(this, tag) : Marker.tag(this, tag));
    }
  }

  @Override
  public String name() {
    return document.getName();
  }

  @Override
  public List<Marker> markers() {
    return markers;
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    int length = opening.text().equals(wrapper) ? wrapper.length() : 0;
    return form == null
        ? new CallListParser(length, CallForm.tags(document.open()), tools)
        : new DocumentParser(form, length, tools);
  }

  /**
   * Returns the arguments that a text consists of, or null if it is something else: a server's
   * parser may have left them in the name of a call.
   */
  String arguments(String name, String text, DeclaredTools tools) {
    if (form == null || form.argument == null || !text.startsWith(form.argument)) {
      return null;
    }
    DocumentParser parser = new DocumentParser(form, name, tools);
    parser.endNaturally();
    int end = parser.read(text, true);
    return end > 0 && MarkupText.blanks(text, end) == text.length() && parser.calls().size() == 1
        ? parser.calls().get(0).arguments()
        : null;
  }
}
