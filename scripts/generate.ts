console.log('generate')
