//! All the playground knows that is not a browser: state, actions, undo, tools, view-model.
