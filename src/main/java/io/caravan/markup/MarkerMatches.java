package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/** The tokens that stand, or may come to stand, at one position. Used again for each position. */
final class MarkerMatches {
  private final Markers markers;
  private final List<Marker> openings = new ArrayList<>();
  private final List<Marker> closers = new ArrayList<>();
  private boolean unsure;

  MarkerMatches(Markers markers) {
    this.markers = markers;
  }

  /** Says of each token whether it would count at this position. */
  @FunctionalInterface
  interface Admission {
    boolean admits(Marker marker);
  }

  /**
   * Looks at a position.
   *
   * @param last whether nothing follows the text
   * @return whether there is anything
   */
  boolean look(CharSequence text, int at, boolean last, Admission admission) {
    openings.clear();
    closers.clear();
    unsure = false;
    for (Marker marker : markers.beginningWith(text.charAt(at))) {
      int end = MarkupText.after(text, at, marker.text());
      if (end != MarkupText.NO && admission.admits(marker)) {
        note(marker, end, last);
      }
    }
    return unsure || !openings.isEmpty() || !closers.isEmpty();
  }

  private void note(Marker marker, int end, boolean last) {
    if (end == MarkupText.MORE) {
      unsure |= !last;
    } else if (marker.kind() == Marker.Kind.OPENING) {
      addOpening(marker);
    } else {
      closers.add(marker);
    }
  }

  /** Of tokens that begin with one another the longest counts; families may share one. */
  private void addOpening(Marker marker) {
    int length = marker.text().length();
    if (!openings.isEmpty() && openings.get(0).text().length() < length) {
      openings.clear();
    }
    if (openings.isEmpty() || openings.get(0).text().length() == length) {
      openings.add(marker);
    }
  }

  /** Whether the text ends in the middle of a token, perhaps of a longer one than those found. */
  boolean unsure() {
    return unsure;
  }

  List<Marker> openings() {
    return openings;
  }

  /**
   * The longest closing token, before others one of the family whose markup ended here; or null.
   */
  Marker closer(MarkupFamily after) {
    Marker best = null;
    for (Marker closer : closers) {
      if (best == null || rank(closer, after) > rank(best, after)) {
        best = closer;
      }
    }
    return best;
  }

  private static int rank(Marker closer, MarkupFamily after) {
    return closer.text().length() + (closer.family() == after ? 1000 : 0);
  }
}
