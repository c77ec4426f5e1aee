package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/** Text that goes out, in its order and by whose it is. */
final class Pieces {
  private List<Piece> pieces = new ArrayList<>();

  /** A run of text of one voice. */
  record Piece(Voice voice, StringBuilder text) {}

  void add(Voice voice, String text) {
    if (text.isEmpty()) {
      return;
    }
    Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last == null || last.voice() != voice) {
      last = new Piece(voice, new StringBuilder());
      pieces.add(last);
    }
    last.text().append(text);
  }

  void addAll(Pieces others) {
    others.pieces.forEach(piece -> add(piece.voice(), piece.text().toString()));
  }

  List<Piece> list() {
    return pieces;
  }

  /** Whether there is more than blanks. */
  boolean says() {
    return pieces.stream().anyMatch(piece -> Text.blanks(piece.text(), 0) < piece.text().length());
  }

  /** All pieces, which are then gone from here. */
  Pieces take() {
    Pieces taken = new Pieces();
    taken.pieces = pieces;
    pieces = new ArrayList<>();
    return taken;
  }
}
