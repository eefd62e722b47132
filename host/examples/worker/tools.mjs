// SPDX-License-Identifier: MIT
// tools.mjs - tools for worker.mjs, to try it and to copy from.

// Needs no network: the weather is made of the letters of the city.
async function
weather ({ city }, config, { signal })
{
	if (typeof city !== 'string' || city === '')
		throw new TypeError ('city: want the name of a city');
	console.log (`looking out of the window in ${city}`);
	signal.throwIfAborted ();

	const celsius = [...city].reduce (
		(sum, letter) => (sum + letter.codePointAt (0)) % 35, 0);
	const unit = config?.unit ?? 'celsius';

	return { city, unit, temperature: unit === 'fahrenheit'
		? celsius * 9 / 5 + 32 : celsius };
}

export default {
	weather,

	// The input as it came.
	echo: input => input,

	// Integers of any size, exactly: {"terms":["9007199254740992",1]}.
	add: {
		description: 'the sum of integers, given as numbers or strings',
		execute: ({ terms }) =>
			terms.map (BigInt).reduce ((a, b) => a + b, 0n),
	},

	// A variable of the request.
	'env/get': ({ name }) => process.env[name] ?? null,

	// Waits, unless it is told to stop.
	sleep: ({ ms }, config, { signal }) => new Promise ((done, failed) => {
		const timer = setTimeout (() => done ({ slept: ms }), ms);

		signal.addEventListener ('abort', () => {
			clearTimeout (timer);
			failed (signal.reason);
		});
	}),

	fail: ({ message }) => {
		throw new RangeError (message);
	},
};
