//! Who refers to whom: what each part of a module has to know of the other.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, bail, ensure};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, FunctionKind, LocalFunction, Module,
    TableId,
};

use crate::LOAD;

/// A function no longer than this is not worth its stand-in.
const STAND_IN_INSTRUCTIONS: u64 = 12;

/// Which functions are in which part, by their place among all functions of the module.
pub(crate) struct Parts {
    /// Whether a function is of the second part.
    pub(crate) rest: Vec<bool>,
    /// The functions of the second part that the first calls or exports, or that are in the table.
    pub(crate) wanted_by_first: Vec<bool>,
    /// The functions of the first part, imported ones too, that the second calls.
    pub(crate) wanted_by_rest: Vec<bool>,
    /// What stands in each slot of the table; a function may stand in several.
    pub(crate) slots: BTreeMap<u64, usize>,
}

/// The table of functions.
pub(crate) fn function_table(module: &Module) -> Result<TableId> {
    module.tables.main_function_table()?.context("the module has no table of functions")
}

struct Calls<'a> {
    places: &'a HashMap<FunctionId, usize>,
    found: Vec<usize>,
}

impl<'instr> Visitor<'instr> for Calls<'_> {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.found.push(self.places[function]);
    }
}

impl Parts {
    /// The parts when the functions of the numbers `called` are needed at first.
    pub(crate) fn new(module: &Module, called: &[usize]) -> Result<Self> {
        let ids: Vec<FunctionId> = module.funcs.iter().map(walrus::Function::id).collect();
        let places: HashMap<FunctionId, usize> =
            ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let callees: Vec<Vec<usize>> = ids
            .iter()
            .map(|id| match &module.funcs.get(*id).kind {
                FunctionKind::Local(function) => callees(function, &places),
                _ => Vec::new(),
            })
            .collect();
        let slots = slots(module, &places)?;

        let mut rest: Vec<bool> = ids
            .iter()
            .map(|id| match &module.funcs.get(*id).kind {
                FunctionKind::Local(function) => function.size() > STAND_IN_INSTRUCTIONS,
                _ => false,
            })
            .collect();
        let local: Vec<usize> = module.funcs.iter_local().map(|(id, _)| places[&id]).collect();
        for number in called {
            rest[*local.get(*number).context("a mark of another module")?] = false;
        }
        // What brings the second part in cannot be in it, nor anything it calls.
        let load =
            places[&module.exports.get_func(LOAD).with_context(|| format!("the module has no {LOAD}"))?];
        let mut needed = vec![load];
        let mut seen = vec![false; ids.len()];
        while let Some(place) = needed.pop() {
            if !std::mem::replace(&mut seen[place], true) {
                rest[place] = false;
                needed.extend(&callees[place]);
            }
        }

        let mut wanted_by_first = vec![false; ids.len()];
        let mut wanted_by_rest = vec![false; ids.len()];
        for (place, callees) in callees.iter().enumerate() {
            for callee in callees {
                match (rest[place], rest[*callee]) {
                    (false, true) => wanted_by_first[*callee] = true,
                    (true, false) => wanted_by_rest[*callee] = true,
                    _ => {}
                }
            }
        }
        let exported = module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(function) => Some(places[&function]),
            _ => None,
        });
        for place in exported.chain(slots.values().copied()) {
            wanted_by_first[place] = rest[place];
        }
        Ok(Self { rest, wanted_by_first, wanted_by_rest, slots })
    }
}

fn callees(function: &LocalFunction, places: &HashMap<FunctionId, usize>) -> Vec<usize> {
    let mut calls = Calls { places, found: Vec::new() };
    dfs_in_order(&mut calls, function, function.entry_block());
    calls.found
}

fn slots(module: &Module, places: &HashMap<FunctionId, usize>) -> Result<BTreeMap<u64, usize>> {
    let table = function_table(module)?;
    let mut slots = BTreeMap::new();
    for element in module.elements.iter() {
        let ElementItems::Functions(functions) = &element.items else {
            bail!("an element segment of other things than functions");
        };
        let ElementKind::Active { table: filled, offset: ConstExpr::Value(Value::I32(offset)) } =
            &element.kind
        else {
            bail!("an element segment that is not active, or begins at an unknown place");
        };
        ensure!(*filled == table, "an element segment of another table");
        for (slot, function) in (u64::try_from(*offset)?..).zip(functions) {
            slots.insert(slot, places[function]);
        }
    }
    Ok(slots)
}
