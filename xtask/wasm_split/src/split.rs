//! One module in, two out.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use walrus::ir::{CallIndirect, UnaryOp, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId,
    GlobalKind, ImportId, ImportKind, ImportedFunction, LocalId, Module, TableId, ValType, passes,
};

use crate::parts::{Parts, function_table};
use crate::{JOINED, LOAD};

/// The module that the second one imports from.
const FIRST: &str = "first";

/// The same input read twice: what has the same place in both is the same thing.
struct Twins {
    first: Module,
    rest: Module,
    first_ids: Vec<FunctionId>,
    rest_ids: Vec<FunctionId>,
    parts: Parts,
    exports: usize,
}

/// Splits `wasm` so that the functions whose marks have the numbers `called` are in the first module.
///
/// # Errors
/// If the module is not what wasm-bindgen makes: one memory, one table of functions filled once, an export [`LOAD`].
pub(crate) fn split(wasm: &[u8], called: &[usize]) -> Result<(Module, Module)> {
    let (first, rest) = (Module::from_buffer(wasm)?, Module::from_buffer(wasm)?);
    let ids = |module: &Module| module.funcs.iter().map(walrus::Function::id).collect();
    let parts = Parts::new(&first, called)?;
    let mut twins = Twins { first_ids: ids(&first), rest_ids: ids(&rest), parts, first, rest, exports: 0 };
    let stand_ins = twins.put_stand_ins()?;
    twins.empty_rest();
    twins.share_functions();
    twins.share_storage()?;
    twins.fill_table(&stand_ins)?;
    for module in [&mut twins.first, &mut twins.rest] {
        passes::gc::run(module);
        for function in module.funcs.iter_mut() {
            function.name = None;
        }
    }
    Ok((twins.first, twins.rest))
}

impl Twins {
    /// In the first module, puts a stand-in where a function was; returns the slot at the table's end that each calls.
    fn put_stand_ins(&mut self) -> Result<BTreeMap<usize, u64>> {
        let module = &mut self.first;
        let table = function_table(module)?;
        let load = module.exports.get_func(LOAD)?;
        let joined = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(JOINED, joined);
        let mut stand_ins = BTreeMap::new();
        let mut end = module.tables.get(table).initial;
        for (place, id) in self.first_ids.iter().enumerate().filter(|(place, _)| self.parts.rest[*place]) {
            if !self.parts.wanted_by_first[place] {
                module.funcs.delete(*id);
                continue;
            }
            module.funcs.get_mut(*id).kind = stand_in(module, *id, table, end, joined, load)?;
            stand_ins.insert(place, end);
            end += 1;
        }
        set_length(module, table, end);
        Ok(stand_ins)
    }

    /// From the second module, takes what the first already has: imports, exports, start, data, the table's content.
    fn empty_rest(&mut self) {
        let module = &mut self.rest;
        module.start = None;
        for id in module.imports.iter().map(walrus::Import::id).collect::<Vec<_>>() {
            module.imports.delete(id);
        }
        for id in module.exports.iter().map(walrus::Export::id).collect::<Vec<_>>() {
            module.exports.delete(id);
        }
        for id in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
            module.data.delete(id);
        }
        for id in module.elements.iter().map(walrus::Element::id).collect::<Vec<_>>() {
            module.elements.delete(id);
        }
    }

    /// The functions of the first module that the second calls, imported ones too, are exports of the first.
    fn share_functions(&mut self) {
        for place in 0..self.rest_ids.len() {
            if !self.parts.wanted_by_rest[place] {
                continue;
            }
            let id = self.rest_ids[place];
            let ty = self.rest.funcs.get(id).ty();
            let import = self.share(self.first_ids[place], id);
            self.rest.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
    }

    /// Memory, tables and globals are the first module's.
    fn share_storage(&mut self) -> Result<()> {
        let end = self.first.tables.get(function_table(&self.first)?).initial;
        let table = function_table(&self.rest)?;
        set_length(&mut self.rest, table, end);
        let of_first: Vec<TableId> = self.first.tables.iter().map(walrus::Table::id).collect();
        let of_rest: Vec<TableId> = self.rest.tables.iter().map(walrus::Table::id).collect();
        for (first, rest) in of_first.into_iter().zip(of_rest) {
            let import = self.share(first, rest);
            let shared = self.rest.tables.get_mut(rest);
            shared.import = Some(import);
            shared.elem_segments.clear();
        }
        let memory = |module: &Module| {
            Ok::<_, anyhow::Error>(module.memories.iter().next().context("no memory")?.id())
        };
        let (first, rest) = (memory(&self.first)?, memory(&self.rest)?);
        let import = self.share(first, rest);
        let shared = self.rest.memories.get_mut(rest);
        shared.import = Some(import);
        shared.data_segments.clear();
        // The first module's last global says whether the second is there; the second has no such.
        let of_first: Vec<GlobalId> = self.first.globals.iter().map(walrus::Global::id).collect();
        let of_rest: Vec<GlobalId> = self.rest.globals.iter().map(walrus::Global::id).collect();
        for (first, rest) in of_first.into_iter().zip(of_rest) {
            let import = self.share(first, rest);
            self.rest.globals.get_mut(rest).kind = GlobalKind::Import(import);
        }
        Ok(())
    }

    /// The second module puts its functions where their stand-ins are looked up, and in their own places.
    fn fill_table(&mut self, stand_ins: &BTreeMap<usize, u64>) -> Result<()> {
        let table = function_table(&self.rest)?;
        let own = self
            .parts
            .slots
            .iter()
            .filter(|(_, place)| self.parts.rest[**place])
            .map(|(slot, place)| (*slot, *place));
        let filled: BTreeMap<u64, usize> =
            own.chain(stand_ins.iter().map(|(place, slot)| (*slot, *place))).collect();
        let mut runs: Vec<(u64, Vec<FunctionId>)> = Vec::new();
        for (slot, place) in filled {
            match runs.last_mut() {
                Some((start, run)) if *start + run.len() as u64 == slot => run.push(self.rest_ids[place]),
                _ => runs.push((slot, vec![self.rest_ids[place]])),
            }
        }
        for (start, run) in runs {
            let offset = ConstExpr::Value(Value::I32(i32::try_from(start)?));
            let element =
                self.rest.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(run));
            self.rest.tables.get_mut(table).elem_segments.insert(element);
        }
        Ok(())
    }

    /// A short name that wasm-bindgen gives to nothing.
    /// Exports something of the first module and imports it as that of the second.
    fn share(&mut self, of_first: impl Into<ExportItem>, of_rest: impl Into<ImportKind>) -> ImportId {
        self.exports += 1;
        let name = format!("_{:x}", self.exports);
        self.first.exports.add(&name, of_first);
        self.rest.imports.add(FIRST, &name, of_rest)
    }
}

/// A function with the signature of `id` that calls what stands at `slot`, once the second module is there.
fn stand_in(
    module: &mut Module,
    id: FunctionId,
    table: TableId,
    slot: u64,
    joined: GlobalId,
    load: FunctionId,
) -> Result<FunctionKind> {
    let ty = module.funcs.get(id).ty();
    let signature = module.types.get(ty);
    let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    let arguments: Vec<LocalId> = parameters.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut body = builder.func_body();
    body.global_get(joined).unop(UnaryOp::I32Eqz);
    body.if_else(
        None,
        |missing| {
            missing.call(load);
        },
        |_| {},
    );
    for argument in &arguments {
        body.local_get(*argument);
    }
    body.i32_const(i32::try_from(slot)?).instr(CallIndirect { ty, table });
    Ok(FunctionKind::Local(builder.local_func(arguments)))
}

fn set_length(module: &mut Module, table: TableId, length: u64) {
    let table = module.tables.get_mut(table);
    table.initial = length;
    table.maximum = table.maximum.map(|_| length);
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, Result};
    use wasmi::{Engine, Instance, Linker, Module, Store};

    /// `early` needs nothing of the rest; `late` calls `add`, directly and through the table. `LONG` makes a function
    /// worth its stand-in.
    const SOURCE: &str = r#"(module
        (import "host" "five" (func $five (result i32)))
        (import "host" "log" (func (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "\01")
        (global $calls (mut i32) (i32.const 0))
        (type $binary (func (param i32 i32) (result i32)))
        (table 4 4 funcref)
        (elem (i32.const 1) $add $early $add)
        (func $note (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
        (func $add (param i32 i32) (result i32)
            LONG (call $note)
            (i32.add (local.get 0) (i32.add (local.get 1) (i32.mul (call $five) (i32.load8_u (i32.const 8))))))
        (func $early (export "early") (param i32 i32) (result i32)
            LONG (call $note)
            (i32.mul (local.get 0) (local.get 1)))
        (func $late (export "late") (param i32) (result i32)
            LONG (i32.add
                (call $add (local.get 0) (i32.const 2))
                (call_indirect (type $binary) (local.get 0) (i32.const 3) (i32.const 3))))
        (func (export "calls") (result i32) (global.get $calls))
        (func (export "load_rest") (global.set $calls (i32.const 1000)))
    )"#;

    fn source() -> Result<Vec<u8>> {
        Ok(wat::parse_str(SOURCE.replace("LONG", &"(drop (i32.add (i32.const 1) (i32.const 1)))".repeat(8)))?)
    }

    fn instance(store: &mut Store<()>, wasm: &[u8], first: Option<&Instance>) -> Result<Instance> {
        let mut linker = Linker::new(store.engine());
        linker.func_wrap("host", "five", || 5)?.func_wrap("host", "log", |_: i32| {})?;
        if let Some(first) = first {
            let exports: Vec<_> = first
                .exports(&*store)
                .map(|export| (export.name().to_owned(), export.into_extern()))
                .collect();
            for (name, item) in exports {
                linker.define("first", &name, item)?;
            }
        }
        let module = Module::new(store.engine(), wasm)?;
        Ok(linker.instantiate_and_start(&mut *store, &module)?)
    }

    fn call(store: &mut Store<()>, instance: &Instance, name: &str, arguments: &[i32]) -> Result<i32> {
        let function = instance.get_func(&*store, name).context("no such function")?;
        let arguments: Vec<wasmi::Val> = arguments.iter().map(|value| wasmi::Val::I32(*value)).collect();
        let mut results = [wasmi::Val::I32(0)];
        function.call(&mut *store, &arguments, &mut results)?;
        results[0].i32().context("no i32")
    }

    fn parts(called: &[usize]) -> Result<(Vec<u8>, Vec<u8>)> {
        let (mut first, mut rest) = super::split(&source()?, called)?;
        Ok((first.emit_wasm(), rest.emit_wasm()))
    }

    #[test]
    fn two_parts_do_what_the_whole_does() -> Result<()> {
        let mut store = Store::new(&Engine::default(), ());
        let whole = instance(&mut store, &source()?, None)?;
        let (first, rest) = parts(&[2])?;
        let first = instance(&mut store, &first, None)?;
        instance(&mut store, &rest, Some(&first))?;
        let joined = first.get_global(&store, crate::JOINED).context("no flag")?;
        joined.set(&mut store, wasmi::Val::I32(1))?;
        for (name, arguments) in [("early", &[6, 7][..]), ("late", &[4]), ("calls", &[])] {
            assert_eq!(
                call(&mut store, &first, name, arguments)?,
                call(&mut store, &whole, name, arguments)?,
                "{name}"
            );
        }
        assert_eq!(call(&mut store, &whole, "late", &[4])?, 23);
        Ok(())
    }

    #[test]
    fn the_first_part_asks_for_the_rest_only_when_it_needs_it() -> Result<()> {
        let mut store = Store::new(&Engine::default(), ());
        let first = instance(&mut store, &parts(&[2])?.0, None)?;
        assert_eq!(call(&mut store, &first, "early", &[6, 7])?, 42);
        assert_eq!(call(&mut store, &first, "calls", &[])?, 1, "`note` is too short for a stand-in");
        assert!(call(&mut store, &first, "late", &[4]).is_err(), "there is nothing in the table yet");
        assert_eq!(call(&mut store, &first, "calls", &[])?, 1_000, "`load_rest` was called");
        Ok(())
    }

    #[test]
    fn marks_tell_which_functions_were_called() -> Result<()> {
        let mut store = Store::new(&Engine::default(), ());
        let mut marked = crate::mark::mark(walrus::Module::from_buffer(&source()?)?)?;
        let marked = instance(&mut store, &marked.emit_wasm(), None)?;
        call(&mut store, &marked, "early", &[6, 7])?;
        let called: Vec<bool> = (0..6)
            .map(|number| {
                let mark = marked.get_global(&store, &format!("{}{number}", crate::MARK));
                mark.is_some_and(|mark| mark.get(&store).i32() == Some(1))
            })
            .collect();
        assert_eq!(called, [true, false, true, false, false, false]);
        Ok(())
    }
}
