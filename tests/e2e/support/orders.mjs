// Sixty orders in three states: 30 placed, 20 cancelled, 10 declined, in that proportion at any time.
const order = (state, weight) => ({
  Body: JSON.stringify({ order: state }),
  Attributes: { state: { Type: "String", Value: state } },
  Weight: weight,
});

export const messages = [order("placed", 3), order("cancelled", 2), order("declined", 1)];

export const count = 60;
