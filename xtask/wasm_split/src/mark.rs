//! Which functions are called: a global for each, exported, that its first instruction sets.

use anyhow::Result;
use walrus::ir::Value;
use walrus::{ConstExpr, FunctionId, Module, ValType};

use crate::MARK;

/// Adds a mark to every function; number `n` is that of the `n`-th function that is not imported.
pub(crate) fn mark(mut module: Module) -> Result<Module> {
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for (number, id) in functions.into_iter().enumerate() {
        let called = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(&format!("{MARK}{number}"), called);
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        function.builder_mut().func_body().const_at(0, Value::I32(1)).global_set_at(1, called);
    }
    Ok(module)
}
